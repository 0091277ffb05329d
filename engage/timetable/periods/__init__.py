"""Bad times to ask: bank holidays, school holidays, elections and others that officers enter."""
