"""Pages of this floor, by who reads them."""
