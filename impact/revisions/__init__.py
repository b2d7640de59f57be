"""How it is said what to judge: a range as Git writes it (`ranges`), the push of a hook (`hooks`), a job (`ci`), a queue of branches (`queue`)."""
