"""What streams tell: one interface, and a type for each kind of event, with what it changed as its reader sees it."""
