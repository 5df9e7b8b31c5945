//! 3.2: what two replicas check when they meet, and what operators ask. The handlers are given.
