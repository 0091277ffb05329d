"""Links and QR codes, and what came by them."""
