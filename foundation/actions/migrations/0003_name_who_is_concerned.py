from typing import Any

from django.db import migrations


def name_who_is_concerned(apps: Any, editor: Any) -> None:
    """Name in each action who owns its source or takes part in it; a source is always older than what follows from it."""
    participant = apps.get_model("records", "Participant")
    actions = apps.get_model("actions", "Action").objects.using(editor.connection.alias)
    participants = participant.objects.using(editor.connection.alias)
    for action in actions.order_by("pk").select_related("source"):
        people = set(participants.filter(record_id=action.source_id).values_list("user_id", flat=True))
        participants.bulk_create(
            participant(record_id=action.pk, role="actions.concerned", user_id=user_id)
            for user_id in sorted(people | {action.source.owner_id})
        )


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0002_due_in_range"),
        ("records", "0003_submission"),
    ]

    operations = [migrations.RunPython(name_who_is_concerned, migrations.RunPython.noop)]
