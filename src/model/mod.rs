//! What a Kubernetes object means, as pure functions of the object: no clock but the one handed in, no I/O.
