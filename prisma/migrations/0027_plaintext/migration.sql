-- A person's choice for one login whose server takes no verifiers: its passwords are sent to the server as they are.
ALTER TABLE databases ADD COLUMN sends_plaintext boolean NOT NULL DEFAULT false;
