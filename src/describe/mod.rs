//! What `kubectl describe` says, one file per kind: an object and what belongs to it in, a document out.
