//! Texts without what differs from run to run: names' random ends, addresses, times, identifiers.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::Value;

/// Takes out what differs by nature.
pub struct Plain {
    rules: Vec<(Regex, &'static str)>,
    generators: Vec<(Regex, String)>,
    foreign: Regex,
}

impl Plain {
    /// The rules for a scene in which these objects made others.
    pub fn new(makers: &BTreeSet<String>) -> Self {
        let rules = [
            (
                r"[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}",
                "<time>",
            ),
            (r"\d{4}-\d{2}-\d{2}T[0-9:.]+Z", "<time>"),
            (
                r"<uid>|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
                "<uid>",
            ),
            (r"(docker\.io/\S+@)?sha256:\w+", "<digest>"),
            (r"[0-9a-f]{64}", "<id>"),
            (r"kube-api-access-\w{5}", "kube-api-access-*"),
            (r"10\.\d+\.\d+\.\d+(,10\.\d+\.\d+\.\d+)*( \+ \d+ more\.\.\.)?", "<ip>"),
            (r":3\d{4}/", ":<port>/"),
            (r"minikube(-m0\d)?\b", "<node>"),
            (r"\(x\d+ over [^)]*\)", ""),
            (r"\((\d+[dhms])+ ago\)", ""),
            (r"\b(\d+[dhms])+\b", "<age>"),
            (r"pod-template-hash=\w+", "pod-template-hash=*"),
            (r"global timeout reached: \S+", "global timeout reached"),
        ];
        let rule = |(pattern, plain): (&str, &'static str)| (Regex::new(pattern).unwrap(), plain);
        let mut names: Vec<&String> = makers.iter().collect();
        names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        let generator = |name: &&String| {
            let pattern = format!(
                r"\b{}-([a-z0-9]{{9,10}}-[a-z0-9]{{5}}|[a-z0-9]{{8,10}}|\d{{8}}-[a-z0-9]{{5}}|[a-z0-9]{{5}})\b",
                regex::escape(name)
            );
            (Regex::new(&pattern).unwrap(), format!("{name}-*"))
        };
        Self {
            rules: rules.into_iter().map(rule).collect(),
            generators: names.iter().map(generator).collect(),
            foreign: Regex::new(r" *ConfigMapName: +openshift-service-ca.crt\n +ConfigMapOptional: +<nil>\n").unwrap(),
        }
    }

    /// A text on one line.
    pub fn line(&self, text: &str) -> String {
        let mut plain = text.to_owned();
        for (pattern, name) in &self.generators {
            plain = pattern.replace_all(&plain, name.as_str()).into_owned();
        }
        for (pattern, word) in &self.rules {
            plain = pattern.replace_all(&plain, *word).into_owned();
        }
        plain.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A command's output: its lines without repetitions; those of lists in the order of their names' plain form.
    pub fn output(&self, text: &str, sorted: bool) -> Vec<String> {
        // The recorded cluster mounted one config map more than Kubernetes itself does.
        let text = self.foreign.replace_all(text, "");
        let mut lines: Vec<String> = text
            .lines()
            .map(|line| self.line(line))
            .filter(|line| !line.is_empty())
            .collect();
        if sorted {
            // Reasons that stand in a row came out of a map.
            for line in lines.iter_mut().filter(|line| line.contains("unable to drain")) {
                let mut words: Vec<&str> = line.split(' ').collect();
                words.sort_unstable();
                *line = words.join(" ").replace([',', '[', ']'], "");
            }
            lines.sort();
        }
        lines.dedup();
        lines
    }
}

/// What of a row tells a state: the cells that were recorded for its kind, without those that are times.
pub fn row(plain: &Plain, row: &Value, columns: &BTreeSet<String>) -> String {
    let cells = row.as_object().into_iter().flatten();
    let kept = cells.filter(|(column, _)| {
        columns.contains(*column) && !matches!(column.as_str(), "Name" | "Age" | "Duration" | "Version")
    });
    let text = |(column, value): (&String, &Value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!("{column}={}", plain.line(&value))
    };
    kept.map(text).collect::<Vec<_>>().join(" ")
}
