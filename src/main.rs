//! Arguments to runtime.

fn main() -> std::process::ExitCode {
    konn::cli::run()
}
