"""Measuring this house from outside: `manage.py bench booking`. Everything lives in a temporary folder and is gone after.

school.py fills the database, site.py starts the real server on it, clients.py asks, booking.py measures and judges.
"""
