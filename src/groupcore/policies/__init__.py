"""What objects to a message. Each policy is a module of its own, and they do not know each other."""
