"""Settings of the portal by topic, read from the environment (see the table in README.md)."""

from ciso_portal.settings.base import *
from ciso_portal.settings.data import *
from ciso_portal.settings.mail import *
from ciso_portal.settings.parts import *
from ciso_portal.settings.sign_in import *
from ciso_portal.settings.tasks import *
from ciso_portal.settings.web import *
