"""Sends one interaction and one piece of behaviour to Plumbline's topics. `--stdout` prints them instead.

    pip install confluent-kafka
    python examples/emit.py --brokers localhost:9092
"""

import argparse
import json
import time
import uuid


def interaction(conversation_id, question, answer, *, model, provider, release=None, segments=None, **optional):
    """A record for `llm.interactions`; fields as in schemas/interaction.v1.avsc, optional ones by keyword."""
    return {
        "interaction_id": str(uuid.uuid4()),
        "conversation_id": conversation_id,
        "occurred_at": int(time.time() * 1000),
        "producer": {"provider": provider, "model": model, "release": release},
        "segments": segments or {},
        "input": [{"role": "user", "content": question}],
        "output": {"text": answer},
        **optional,
    }


def behaviour(conversation_id, kind, interaction_id=None):
    """A record for `llm.behaviour`; kinds as in schemas/behaviour.v1.avsc."""
    return {
        "event_id": str(uuid.uuid4()),
        "conversation_id": conversation_id,
        "interaction_id": interaction_id,
        "occurred_at": int(time.time() * 1000),
        "kind": kind,
    }


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--brokers", default="localhost:9092")
    parser.add_argument("--stdout", action="store_true")
    args = parser.parse_args()

    turn = interaction(
        "c-1",
        "Where is my parcel?",
        "It arrives on Friday.",
        model="gpt-4.1",
        provider="openai",
        release="2026.44",
        segments={"product": "support", "locale": "de"},
        usage={"input_tokens": 12, "output_tokens": 6, "latency_ms": 930},
    )
    records = [("llm.interactions", turn), ("llm.behaviour", behaviour("c-1", "thumbs_up", turn["interaction_id"]))]
    if args.stdout:
        for _, record in records:
            print(json.dumps(record))
        return

    from confluent_kafka import Producer

    # A key keeps the turns of a conversation in order.
    producer = Producer({"bootstrap.servers": args.brokers})
    for topic, record in records:
        producer.produce(topic, key=record["conversation_id"], value=json.dumps(record))
    producer.flush(10)


if __name__ == "__main__":
    main()
