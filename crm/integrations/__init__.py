"""Other systems that we speak to: each with its protocol, and its errors in words."""
