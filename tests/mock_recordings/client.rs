//! A client that puts recorded requests to a server.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client as Http;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

/// What came back.
#[derive(Debug, Default)]
pub struct Answer {
    pub status: u16,
    pub content_type: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
    pub events: Vec<Value>,
}

/// A watch whose answer has begun.
pub struct Watching {
    response: http::Response<hyper::body::Incoming>,
}

pub struct Client {
    http: Http<HttpConnector, Full<Bytes>>,
    url: String,
    token: String,
    uid: String,
}

impl Client {
    pub fn new(url: &str) -> Self {
        let http = Http::builder(TokioExecutor::new()).build_http();
        Self {
            http,
            url: url.to_owned(),
            token: String::new(),
            uid: String::new(),
        }
    }

    /// Sends a request as admin, whatever comes back.
    pub async fn send(&self, method: &str, path: &str, content_type: &str, body: Option<&Value>) {
        let mut request = serde_json::json!({"method": method, "path": path, "accept": "application/json", "user": "admin",
            "contentType": content_type});
        if let Some(body) = body {
            request["body"] = body.clone();
        }
        let answer = self.open(&request).await.answer().await;
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
    }

    /// Sends a recorded request and notes what later requests name.
    pub async fn replay(&mut self, request: &Value) -> Answer {
        let answer = self.open(request).await.answer().await;
        if let Some(token) = answer.body["metadata"]["continue"].as_str() {
            self.token = token.to_owned();
        }
        if let Some(uid) = answer.body["metadata"]["uid"].as_str() {
            self.uid = uid.to_owned();
        }
        answer
    }

    pub async fn open(&self, request: &Value) -> Watching {
        let text = |name: &str| request[name].as_str().unwrap_or_default();
        let path = text("path").replace("${ns}", "rec").replace("${cont}", &self.token);
        let mut builder = http::Request::builder()
            .method(text("method"))
            .uri(format!("{}{path}", self.url));
        builder = builder.header("accept", text("accept"));
        if !text("contentType").is_empty() {
            builder = builder.header("content-type", text("contentType"));
        }
        builder = match text("user") {
            "none" => builder,
            user => builder.header("authorization", format!("Bearer {user}-token")),
        };
        let body = match &request["body"] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            // Versions and uids that the recording names were old or wrong ones.
            other => other
                .to_string()
                .replace("<resourceVersion>", "1")
                .replace("<uid>", "00000000-0000-0000-0000-000000000000"),
        };
        let request = builder.body(Full::new(Bytes::from(body))).unwrap();
        Watching {
            response: self.http.request(request).await.unwrap(),
        }
    }
}

impl Watching {
    fn head(&self) -> Answer {
        let headers = self.response.headers();
        let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        Answer {
            status: self.response.status().as_u16(),
            content_type: headers.get("content-type").map(text).unwrap_or_default(),
            headers: headers
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)))
                .collect(),
            ..Answer::default()
        }
    }

    /// The whole answer.
    pub async fn answer(self) -> Answer {
        let mut answer = self.head();
        let bytes = self.response.into_body().collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        answer.body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        answer
    }

    /// The first so many events of a watch, or as many as come.
    pub async fn events(self, wanted: usize) -> Answer {
        let mut answer = self.head();
        let mut body = self.response.into_body();
        let mut buffer = Vec::new();
        while answer.events.len() < wanted {
            let frame = tokio::time::timeout(Duration::from_secs(300), body.frame()).await;
            let Ok(Some(Ok(frame))) = frame else { break };
            buffer.extend_from_slice(frame.data_ref().unwrap());
            while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = buffer.drain(..=end).collect();
                answer.events.push(serde_json::from_slice(&line).unwrap());
            }
        }
        answer
    }
}
