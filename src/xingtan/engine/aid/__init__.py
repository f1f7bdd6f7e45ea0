"""Fixed amounts by rule: who is entitled to what, with the verdict of every rule. Pure: rows in, proposals out; a person decides."""
