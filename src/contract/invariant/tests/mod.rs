//! One test file a topic.
