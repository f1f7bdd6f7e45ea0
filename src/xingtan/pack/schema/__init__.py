"""What a pack may say: one pydantic model a noun, one file a noun, and the helper files beside them."""
