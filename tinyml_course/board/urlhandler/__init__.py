"""pyserial finds `virtual://` URLs here."""
