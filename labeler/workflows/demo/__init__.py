"""The demo dataset: made-up athletes, filmed, rated by made-up people, and learned from."""
