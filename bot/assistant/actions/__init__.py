"""What the assistant does. It asks our own API as the user and says what it answered; it decides nothing itself."""
