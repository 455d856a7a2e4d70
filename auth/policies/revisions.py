"""Who may read what a text said before it was edited: in conversations all who read it, elsewhere the few."""

from auth.policies import chat, feed
from auth.related import Of
from models.messages import Message

readable = feed.readable_revisions | Of("subject_id", Message, chat.can_see_message_history)
