"""Office set-up: units, people, accounts, places, lines and guesthouses, by form and by spreadsheet."""
