"""Measuring this house from outside: `manage.py bench`. Everything lives in a temporary folder and is gone after.

school.py and three_years.py fill the database, site.py starts the real server on it, clients.py asks, booking.py,
invitations.py and insight.py measure and judge.
"""
