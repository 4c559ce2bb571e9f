//! The kinds with a form, and what each asks for.

use super::objects as make;
use crate::core::action::{ActionMeta, Danger};
use crate::core::resource::Resource;
use crate::relations::kinds;

/// How something is filled in.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// A text; with what stands there at first.
    Text(&'static str),
    /// A text that is not shown.
    Secret,
    /// A number: the first, the least.
    Number(i64, i64),
    /// One of these.
    Choice(&'static [&'static str]),
}

/// A kind with a form.
pub struct Form {
    /// The verb.
    pub meta: ActionMeta,
    /// Its resource.
    pub resource: &'static Resource,
    /// What is asked: ids, whose labels stand below `dialog.create` in `locales/`.
    pub asks: &'static [(&'static str, Ask)],
    /// Makes the object and the kubectl command.
    pub make: make::Make,
}

const fn meta(id: &'static str) -> ActionMeta {
    ActionMeta {
        id,
        danger: Danger::Change,
    }
}

const NAME: (&str, Ask) = ("name", Ask::Text(""));
const IMAGE: (&str, Ask) = ("image", Ask::Text(""));
const COMMAND: (&str, Ask) = ("command", Ask::Text(""));

/// All of them, in the order of the palette.
pub static FORMS: &[Form] = &[
    Form {
        meta: meta("create_deployment"),
        resource: &kinds::DEPLOYMENT,
        asks: &[
            NAME,
            IMAGE,
            ("replicas", Ask::Number(1, 0)),
            ("port", Ask::Text("")),
            COMMAND,
        ],
        make: make::deployment,
    },
    Form {
        meta: meta("create_pod"),
        resource: &kinds::POD,
        asks: &[
            NAME,
            IMAGE,
            ("port", Ask::Text("")),
            ("env", Ask::Text("")),
            ("restart", Ask::Choice(&["Always", "OnFailure", "Never"])),
            COMMAND,
        ],
        make: make::pod,
    },
    Form {
        meta: meta("create_namespace"),
        resource: &kinds::NAMESPACE,
        asks: &[NAME],
        make: make::namespace,
    },
    Form {
        meta: meta("create_configmap"),
        resource: &kinds::CONFIG_MAP,
        asks: &[
            NAME,
            ("key1", Ask::Text("")),
            ("value1", Ask::Text("")),
            ("key2", Ask::Text("")),
            ("value2", Ask::Text("")),
            ("key3", Ask::Text("")),
            ("value3", Ask::Text("")),
        ],
        make: make::config_map,
    },
    Form {
        meta: meta("create_secret"),
        resource: &kinds::SECRET,
        asks: &[
            NAME,
            ("key1", Ask::Text("")),
            ("value1", Ask::Secret),
            ("key2", Ask::Text("")),
            ("value2", Ask::Secret),
            ("key3", Ask::Text("")),
            ("value3", Ask::Secret),
        ],
        make: make::secret,
    },
    Form {
        meta: meta("create_job"),
        resource: &kinds::JOB,
        asks: &[NAME, IMAGE, COMMAND],
        make: make::job,
    },
    Form {
        meta: meta("create_cronjob"),
        resource: &kinds::CRON_JOB,
        asks: &[
            NAME,
            IMAGE,
            ("schedule", Ask::Text("")),
            ("restart", Ask::Choice(&["OnFailure", "Never"])),
            COMMAND,
        ],
        make: make::cron_job,
    },
    Form {
        meta: meta("create_resourcequota"),
        resource: &kinds::RESOURCE_QUOTA,
        asks: &[NAME, ("hard", Ask::Text(""))],
        make: make::quota,
    },
    Form {
        meta: meta("create_limitrange"),
        resource: &kinds::LIMIT_RANGE,
        asks: &[
            NAME,
            ("type", Ask::Choice(&["Container", "Pod", "PersistentVolumeClaim"])),
            ("max", Ask::Text("")),
            ("min", Ask::Text("")),
            ("default", Ask::Text("")),
            ("defaultRequest", Ask::Text("")),
        ],
        make: make::limit_range,
    },
];
