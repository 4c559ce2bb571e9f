//! The client against small servers on this machine, over real TCP and TLS.

mod answers;
mod plugins;
mod proxies;
mod support;
mod tls;
