-- Schema 1 is complete.
PRAGMA user_version = 1;
