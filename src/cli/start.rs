//! From flags, environment and config folder to what konn starts with.

use std::path::{Path, PathBuf};

use super::Failure;
use super::args::Args;
use super::config::Config;
use crate::core::app::Setup;
use crate::core::event::Size;
use crate::core::jump::Scope;
use crate::core::keymap::Keymap;
use crate::core::lang::{Lang, Tongue};
use crate::runtime::client::paths::Folders;
use crate::runtime::client::{Environment, PluginCache};
use crate::runtime::connection::Opener;
use crate::ui::keymaps::{self, KeymapsError};
use crate::ui::{ColorDepth, Theme, ThemeError};
use crate::views::REGISTRY;

/// The theme where none is named.
const THEME: &str = "dark";

/// Everything that is settled before anything is opened.
pub struct Start {
    /// The config folder and its like, where this process has a home.
    pub folders: Option<Folders>,
    /// The settings.
    pub config: Config,
    /// The theme's name, and the file it was taken from where it is the person's own.
    pub theme: (String, Option<PathBuf>),
    /// The keymap's name, and the file it was taken from where it is the person's own.
    pub keymap: (String, Option<PathBuf>),
    /// The language.
    pub tongue: Tongue,
}

impl Start {
    /// Reads the settings.
    pub fn new(args: &Args) -> Result<Self, Failure> {
        let folders = Folders::of_process();
        let config = match &folders {
            Some(folders) => Config::read(&folders.config.join("config.yaml"))?,
            None => Config::default(),
        };
        let named = |flag: &Option<String>, setting: &Option<String>, default: &str, folder: &str| {
            let name = flag
                .clone()
                .or_else(|| setting.clone())
                .unwrap_or_else(|| default.to_string());
            let own = folders
                .as_ref()
                .and_then(|folders| own_file(&folders.config.join(folder), &name));
            (name, own)
        };
        let tongue = tongue(args.own.lang.as_ref().or(config.lang.as_ref()))?;
        Ok(Self {
            theme: named(&args.own.theme, &config.theme, THEME, "themes"),
            keymap: named(&args.own.keymap, &config.keymap, "default", "keymaps"),
            tongue,
            folders,
            config,
        })
    }

    /// The texts.
    pub fn lang(&self) -> Lang {
        Lang::load(self.tongue)
    }

    /// The theme, for a terminal with so many colours.
    pub fn load_theme(&self, depth: ColorDepth) -> Result<Theme, Failure> {
        let lang = self.lang();
        let own = self.theme.1.as_deref().map(|path| read(path, &lang)).transpose()?;
        let own = own.as_ref().map(|(path, text)| (path.as_str(), text.as_str()));
        Theme::load(&self.theme.0, own, depth).map_err(|error| match error {
            ThemeError::NoTheme { name, known } => unknown(&lang, "cli.unknown_theme", &name, &known),
            error => wrong_file(&lang, &error),
        })
    }

    /// The keymap.
    pub fn load_keymap(&self) -> Result<Keymap, Failure> {
        let lang = self.lang();
        let own = self.keymap.1.as_deref().map(|path| read(path, &lang)).transpose()?;
        let own = own.as_ref().map(|(path, text)| (path.as_str(), text.as_str()));
        keymaps::load(&self.keymap.0, own, &REGISTRY).map_err(|error| match error {
            KeymapsError::Unknown { name, known } => unknown(&lang, "cli.unknown_keymap", &name, &known),
            KeymapsError::Wrong(error) => wrong_file(&lang, &error),
        })
    }

    /// What the application starts with.
    pub fn setup(
        &self,
        args: &Args,
        size: Size,
        line: String,
        now: crate::core::clock::Time,
    ) -> Result<Setup, Failure> {
        let keymap = self.load_keymap()?;
        let scope = match (&args.cluster.namespace, args.cluster.all_namespaces) {
            (_, true) => Some(Scope::All),
            (Some(namespace), _) => Some(Scope::one(namespace.clone())),
            // The demo is small: all of it is seen at once.
            (None, false) => args.own.demo.then_some(Scope::All),
        };
        Ok(Setup {
            registry: &REGISTRY,
            keymap,
            lang: self.lang(),
            size,
            now,
            scope,
            line: args.own.columns.line(&line),
            policy: self.config.policy(args.own.read_only),
            mouse: self.config.mouse.unwrap_or(true),
            columns: self.config.columns.clone().into_iter().collect(),
            log_memory: self.config.logs.memory_bytes(),
        })
    }

    /// What opens contexts.
    pub fn opener(&self, args: &Args) -> Opener {
        Opener {
            options: args.cluster.options(),
            environment: Environment::of_process(),
            plugins: PluginCache::default(),
            given: None,
            audit: self.config.audit.clone(),
        }
    }
}

/// A file of the person's own in a folder. A name is a name, not a path.
fn own_file(folder: &Path, name: &str) -> Option<PathBuf> {
    let plain = !name.is_empty() && !name.contains(['/', '\\']) && !name.starts_with('.');
    let path = folder.join(format!("{name}.yaml"));
    (plain && path.is_file()).then_some(path)
}

/// Path and text of a file of the person's own.
fn read(path: &Path, lang: &Lang) -> Result<(String, String), Failure> {
    let shown = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => Ok((shown, text)),
        Err(error) => Err(Failure(
            lang.f("cli.unreadable", &[("path", &shown), ("why", &error.to_string())]),
        )),
    }
}

fn unknown(lang: &Lang, key: &str, name: &str, known: &str) -> Failure {
    Failure(lang.f(key, &[("name", name), ("known", known)]))
}

fn wrong_file(lang: &Lang, why: &impl ToString) -> Failure {
    Failure(lang.f("cli.wrong_file", &[("why", why.to_string().trim_end_matches('.'))]))
}

/// The language that was asked for, which must be one of konn's; else the locale's, which need not be.
fn tongue(asked: Option<&String>) -> Result<Tongue, Failure> {
    let of_locale = Tongue::from_locale(&locale());
    let Some(name) = asked else { return Ok(of_locale) };
    let primary = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
    if ["en", "ja"].iter().any(|known| known.eq_ignore_ascii_case(primary)) {
        return Ok(Tongue::from_locale(name));
    }
    Err(Failure(Lang::load(of_locale).f("cli.unknown_lang", &[("name", name)])))
}

/// The locale's name, as POSIX looks for it; empty where none is set.
pub fn locale() -> String {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    set("LC_ALL")
        .or_else(|| set("LC_MESSAGES"))
        .or_else(|| set("LANG"))
        .unwrap_or_default()
}

/// A runtime for one console: two threads are plenty beside the one that draws.
pub fn runtime(lang: &Lang) -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build();
    runtime.map_err(|error| refused(lang, &error))
}

/// The system does not give what konn needs.
pub fn refused(lang: &Lang, error: &std::io::Error) -> Failure {
    Failure(lang.f("cli.failed", &[("why", &error.to_string())]))
}
