//! The command line. Flags that kubectl has are spelled as kubectl spells them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use clap_complete::Shell;

use crate::core::clock::Time;
use crate::core::event::Size;
use crate::mock::faults::Fault;
use crate::mock::parse_fault;
use crate::runtime::client::{ClientOptions, RequestTimeout};

/// A terminal console for Kubernetes.
#[derive(Debug, Parser)]
#[command(name = "konn", version, max_term_width = 100)]
pub struct Args {
    /// Which cluster, and as whom.
    #[command(flatten)]
    pub cluster: ClusterArgs,
    /// How konn looks and behaves.
    #[command(flatten)]
    pub own: OwnArgs,
    /// What to do instead of opening the console.
    #[command(subcommand)]
    pub command: Option<Subcommand>,
}

/// kubectl's flags.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Cluster")]
pub struct ClusterArgs {
    /// Path to the kubeconfig file to use
    #[arg(long, global = true, value_name = "FILE")]
    pub kubeconfig: Option<PathBuf>,
    /// Name of the kubeconfig context to use
    #[arg(long, global = true, value_name = "NAME")]
    pub context: Option<String>,
    /// Name of the kubeconfig cluster to use
    #[arg(long, global = true, value_name = "NAME")]
    pub cluster: Option<String>,
    /// Name of the kubeconfig user to use
    #[arg(long, global = true, value_name = "NAME")]
    pub user: Option<String>,
    /// Namespace to show
    #[arg(short, long, global = true, value_name = "NAME")]
    pub namespace: Option<String>,
    /// Show all namespaces
    #[arg(short = 'A', long, global = true, conflicts_with = "namespace")]
    pub all_namespaces: bool,
    /// Username to impersonate
    #[arg(long = "as", global = true, value_name = "USER")]
    pub impersonate: Option<String>,
    /// Group to impersonate; may be given several times
    #[arg(long = "as-group", global = true, value_name = "GROUP")]
    pub impersonate_groups: Vec<String>,
    /// How long to wait for a single answer, such as 5s or 2m; 0 for no limit
    #[arg(long, global = true, value_name = "DURATION")]
    pub request_timeout: Option<RequestTimeout>,
    /// Do not check the server's certificate; this makes the connection insecure
    #[arg(long, global = true)]
    pub insecure_skip_tls_verify: bool,
}

/// konn's own flags.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Console")]
pub struct OwnArgs {
    /// Open a small cluster inside konn instead of a real one
    #[arg(long, global = true)]
    pub demo: bool,
    /// Refuse everything that would change the cluster
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Theme by name: one of konn's or one in the config folder
    #[arg(long, global = true, value_name = "NAME")]
    pub theme: Option<String>,
    /// Keymap by name: default, vim, k9s or one in the config folder
    #[arg(long, global = true, value_name = "NAME")]
    pub keymap: Option<String>,
    /// Language: en or ja
    #[arg(long, global = true, value_name = "LANG")]
    pub lang: Option<String>,
    /// What to open first, as typed after a colon, such as ':pods kube-system /core'
    #[arg(short = 'c', long = "command", global = true, value_name = "LINE")]
    pub line: Option<String>,
    /// Columns besides the view's own.
    #[command(flatten)]
    pub columns: ColumnArgs,
}

/// Columns besides the first view's own.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct ColumnArgs {
    /// Show all labels in the last column
    #[arg(long, global = true)]
    pub show_labels: bool,
    /// Labels to show as columns, with commas between them; may be given several times
    #[arg(short = 'L', long, global = true, value_name = "KEYS")]
    pub label_columns: Vec<String>,
    /// Annotations to show as columns, with commas between them; may be given several times
    #[arg(long, global = true, value_name = "KEYS")]
    pub annotation_columns: Vec<String>,
}

impl ColumnArgs {
    /// The line with these columns, written as they are typed into it: behind the view, before a filter.
    pub fn line(&self, line: &str) -> String {
        let line = line.trim();
        let (view, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let mut words = vec![view.to_string()];
        words.extend(self.show_labels.then(|| "--show-labels".to_string()));
        words.extend(self.label_columns.iter().map(|keys| format!("-L={keys}")));
        words.extend(
            self.annotation_columns
                .iter()
                .map(|keys| format!("--annotation-columns={keys}")),
        );
        words.push(rest.to_string());
        words.join(" ").trim().to_string()
    }
}

/// What to do instead of opening the console.
#[derive(Debug, clap::Subcommand)]
pub enum Subcommand {
    /// Draw one frame without a terminal
    Snapshot(SnapshotArgs),
    /// Serve a mock Kubernetes API for any client; --kubeconfig names the file to write for it
    Mock(MockArgs),
    /// Print the version
    Version,
    /// Print the paths konn reads and writes, and which theme and keymap were taken
    Info,
    /// Print completions for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Print the man page
    Man,
}

/// What to draw.
#[derive(Debug, clap::Args)]
pub struct SnapshotArgs {
    /// The view, as typed after a colon, such as pods or 'pods kube-system /core'
    pub view: String,
    /// Columns and rows of the screen
    #[arg(long, default_value = "120x40", value_name = "WxH", value_parser = size)]
    pub size: Size,
    /// Keys to press once the data is there, such as 'j j d'
    #[arg(long, default_value = "", value_name = "KEYS")]
    pub keys: String,
    /// What to write
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// The time to draw ages for, in RFC 3339; now where nothing is said
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,
}

/// What a frame is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Text without colours.
    Text,
    /// Text with terminal colours.
    Ansi,
    /// A picture.
    Svg,
}

/// What to serve.
#[derive(Debug, clap::Args)]
pub struct MockArgs {
    /// Address to listen on; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS:PORT")]
    pub listen: SocketAddr,
    /// How many generated nodes
    #[arg(long, default_value_t = 0)]
    pub nodes: usize,
    /// How many generated pods
    #[arg(long, default_value_t = 0)]
    pub pods: usize,
    /// How many generated namespaces
    #[arg(long, default_value_t = 0)]
    pub namespaces: usize,
    /// How many generated changes a second
    #[arg(long, default_value_t = 0.0, value_name = "RATE")]
    pub churn: f64,
    /// The size of each generated pod in bytes, as real ones are; 0 leaves them small
    #[arg(long, default_value_t = 0, value_name = "BYTES")]
    pub pod_bytes: usize,
    /// What goes wrong on purpose, such as 500,verb=list,path=/pods,times=2; may be given several times
    #[arg(long, value_name = "SPEC", value_parser = parse_fault)]
    pub fault: Vec<Fault>,
}

fn size(text: &str) -> Result<Size, String> {
    let (width, height) = text.split_once('x').ok_or("write it as 120x40")?;
    let number = |text: &str| text.parse::<u16>().ok().filter(|number| (1..=1000).contains(number));
    match (number(width), number(height)) {
        (Some(width), Some(height)) => Ok(Size { width, height }),
        _ => Err("write it as 120x40, with numbers from 1 to 1000".to_string()),
    }
}

impl ClusterArgs {
    /// The flags as the client takes them.
    pub fn options(&self) -> ClientOptions {
        ClientOptions {
            kubeconfig: self.kubeconfig.clone(),
            context: self.context.clone(),
            cluster: self.cluster.clone(),
            user: self.user.clone(),
            namespace: self.namespace.clone(),
            impersonate: self.impersonate.clone(),
            impersonate_groups: self.impersonate_groups.clone(),
            request_timeout: self.request_timeout.unwrap_or_default(),
            insecure_skip_tls_verify: self.insecure_skip_tls_verify,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_sound() {
        Args::command().debug_assert();
        let args = Args::try_parse_from([
            "konn",
            "snapshot",
            "--size",
            "80x24",
            "-n",
            "shop",
            "--as-group",
            "a",
            "--as-group",
            "b",
            "pods",
        ]);
        let args = args.unwrap();
        assert_eq!(args.cluster.options().impersonate_groups, ["a", "b"]);
        assert_eq!(args.cluster.namespace.as_deref(), Some("shop"));
        let args =
            Args::try_parse_from(["konn", "snapshot", "pods shop /web", "--show-labels", "-L", "app,tier"]).unwrap();
        assert_eq!(
            args.own.columns.line("pods shop /web"),
            "pods --show-labels -L=app,tier shop /web"
        );
        assert_eq!(ColumnArgs::default().line(" pods "), "pods");
        let args = Args::try_parse_from(["konn", "-c", ":nodes"]).unwrap();
        assert_eq!(args.own.line.as_deref(), Some(":nodes"));
        for wrong in [
            vec!["konn", "-A", "-n", "x"],
            vec!["konn", "snapshot", "pods", "--size", "0x1"],
            vec!["konn", "--request-timeout", "-1s"],
        ] {
            assert!(Args::try_parse_from(&wrong).is_err(), "{wrong:?}");
        }
    }
}
