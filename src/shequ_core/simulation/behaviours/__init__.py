"""How people and offices act where the law leaves it open: one small class a file, each with sourced parameters."""
