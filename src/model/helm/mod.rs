//! Helm's releases: what Helm keeps of them in secrets, as `driver/util.go` in `helm.sh/helm/v3/pkg/storage` writes them. What
//! a payload says is somebody else's: it is read within bounds, and one that cannot be read costs its own row a few cells.

use std::borrow::Cow;

use jiff::Timestamp;
use serde_json::Value;

use super::decode::wire;
use super::{Health, Meta, Projection};

mod payload;

pub use payload::PayloadError;

/// A revision of a release.
#[derive(Clone, Debug, serde::Deserialize)]
#[serde(from = "SecretWire")]
pub struct HelmRelease {
    meta: Meta,
    told: Result<Told, PayloadError>,
}

/// What the payload tells, as far as a row shows it.
#[derive(Clone, Debug, Default)]
struct Told {
    updated: Option<Timestamp>,
    chart: Box<str>,
    app_version: Box<str>,
    description: Box<str>,
}

/// What Helm keeps of a release, whole.
///
/// # Errors
/// [`PayloadError`] where there is nothing, or something else, or more than Helm would keep.
pub fn read(secret: &Value) -> Result<Value, PayloadError> {
    let text = secret.pointer("/data/release").and_then(Value::as_str);
    payload::read(text.unwrap_or_default())
}

impl HelmRelease {
    /// The release's name: that of the label, else the one in the secret's name.
    pub fn name(&self) -> &str {
        self.meta.labels.get("name").unwrap_or_else(|| self.parts().0)
    }

    /// The revision.
    pub fn revision(&self) -> u32 {
        let label = self.meta.labels.get("version").unwrap_or_else(|| self.parts().1);
        label.parse().unwrap_or(0)
    }

    /// `sh.helm.release.v1.NAME.vREVISION`.
    fn parts(&self) -> (&str, &str) {
        let name = &*self.meta.name;
        let own = name.strip_prefix("sh.helm.release.v1.").unwrap_or(name);
        own.rsplit_once(".v").unwrap_or((own, ""))
    }

    /// The STATUS cell, such as `deployed`.
    pub fn status(&self) -> &str {
        self.meta.labels.get("status").unwrap_or("unknown")
    }

    /// When the revision was deployed, or whatever happened to it last.
    pub fn updated(&self) -> Option<Timestamp> {
        self.told.as_ref().ok()?.updated
    }

    /// The UPDATED cell: whole seconds, in UTC.
    pub fn updated_text(&self) -> String {
        self.updated()
            .map_or_else(String::new, |time| time.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
    }

    /// The CHART cell: `nginx-1.2.3`; what is wrong with the payload where it cannot be read.
    pub fn chart(&self) -> Cow<'_, str> {
        match &self.told {
            Ok(told) => Cow::Borrowed(&told.chart),
            Err(error) => Cow::Owned(error.to_string()),
        }
    }

    /// The APP VERSION cell.
    pub fn app_version(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.app_version)
    }

    /// The DESCRIPTION cell, such as `Upgrade complete`.
    pub fn description(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.description)
    }

    /// Whether the payload could be read.
    pub fn is_readable(&self) -> bool {
        self.told.is_ok()
    }
}

impl Projection for HelmRelease {
    const KIND: &'static str = "HelmRelease";

    fn meta(&self) -> &Meta {
        &self.meta
    }

    fn health(&self) -> Health {
        match self.status() {
            _ if self.told.is_err() => Health::Bad,
            "deployed" => Health::Good,
            "failed" => Health::Bad,
            "uninstalling" | "pending-install" | "pending-upgrade" | "pending-rollback" => Health::Busy,
            "unknown" => Health::Warn,
            _ => Health::Neutral,
        }
    }
}

wire! {
    struct SecretWire {
        metadata: Meta,
        data: DataWire,
    }

    struct DataWire {
        release: Box<str>,
    }

    struct ReleaseWire {
        info: InfoWire,
        chart: ChartWire,
    }

    struct InfoWire {
        #[serde(rename = "last_deployed")]
        last_deployed: Option<Timestamp>,
        description: Box<str>,
    }

    struct ChartWire {
        metadata: ChartMetaWire,
    }

    struct ChartMetaWire {
        name: Box<str>,
        version: Box<str>,
        app_version: Box<str>,
    }
}

impl From<SecretWire> for HelmRelease {
    fn from(wire: SecretWire) -> Self {
        let release = payload::read::<ReleaseWire>(&wire.data.release);
        Self {
            meta: wire.metadata,
            told: release.map(Told::from),
        }
    }
}

impl From<ReleaseWire> for Told {
    fn from(release: ReleaseWire) -> Self {
        let chart = release.chart.metadata;
        Self {
            updated: release.info.last_deployed,
            chart: match (&*chart.name, &*chart.version) {
                ("", "") => "".into(),
                (name, version) => format!("{name}-{version}").into(),
            },
            app_version: chart.app_version,
            description: release.info.description,
        }
    }
}

#[cfg(test)]
mod tests;
