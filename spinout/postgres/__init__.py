"""Database engine `spinout.postgres`: Django's PostgreSQL on a private server of this checkout.

For demo and tests where no DATABASE_URL is given; production never uses it.
"""
