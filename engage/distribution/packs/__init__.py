"""The pack of a link: poster, slide and texts from which it is passed on in a minute."""
