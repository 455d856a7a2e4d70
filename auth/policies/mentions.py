"""Who may read where they are mentioned: whoever it is, as long as they may read what mentions them."""

from auth.conditions import by_viewer
from auth.policies import chat, feed
from auth.related import Of
from models.feed import Comment, Post
from models.messages import Message

readable = by_viewer("person_id") & (
    Of("subject_id", Post, feed.readable_posts)
    | Of("subject_id", Comment, feed.readable_comments & ~feed.is_removed)
    | Of("subject_id", Message, chat.readable_messages & ~chat.is_removed)
)
