"""How the thirteen duties stand: their indicators, what these say, and what comes next."""
