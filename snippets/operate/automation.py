"""Let the server tell of each run of the flow `told` that failed or crashed."""

from os import environ

from prefect.automations import Automation
from prefect.blocks.webhook import Webhook
from prefect.events.actions import CallWebhook
from prefect.events.schemas.automations import EventTrigger

alerts = Webhook(method="POST", url=environ["ALERTS"]).save("alerts", overwrite=True)

this_flow = {"prefect.resource.role": "flow", "prefect.resource.name": "told"}
text = "automation: {{ flow_run.name }} is {{ flow_run.state.name }}"

Automation(
    name="told",
    trigger=EventTrigger(
        expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
        match_related=this_flow,
        posture="Reactive",
        threshold=1,
    ),
    actions=[CallWebhook(block_document_id=alerts, payload=f'{{"text": "{text}"}}')],
).create()
