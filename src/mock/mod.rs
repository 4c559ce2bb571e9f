//! The mock API server: objects in memory behind the Kubernetes API, for tests and `--demo`.
