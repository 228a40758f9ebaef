"""Reads an MCAP recording that may end anywhere, front to end, with the reference library, and prints what is in it as JSON.

Every message of the small topics is decoded by the schema in the file, and every fiftieth of the large ones. A gap is a
message whose sequence number does not follow the one before it on its topic.
"""
import collections
import json
import struct
import sys

from mcap.exceptions import McapError
from mcap.records import Channel, Chunk, Message, Schema
from mcap.stream_reader import StreamReader, breakup_chunk
from mcap_ros2.decoder import DecoderFactory

LARGE = 20_000
factory = DecoderFactory()
schemas, channels, decoders = {}, {}, {}
counts, last = collections.Counter(), {}
stamps = {}
chunks = decoded = gaps = 0
end = 'whole'


def take(record):
    global decoded, gaps
    if isinstance(record, Schema):
        schemas[record.id] = record
    elif isinstance(record, Channel):
        channels[record.id] = record
    elif isinstance(record, Message):
        channel = channels[record.channel_id]
        topic = channel.topic
        gaps += record.sequence != last.get(topic, -1) + 1
        last[topic] = record.sequence
        counts[topic] += 1
        stamps[topic] = record.publish_time
        if len(record.data) < LARGE or counts[topic] % 50 == 1:
            if channel.id not in decoders:
                decoders[channel.id] = factory.decoder_for(channel.message_encoding, schemas[channel.schema_id])
            message = decoders[channel.id](record.data)
            header = getattr(message, 'header', None)
            if header is not None and topic != '/diagnostics':
                assert header.stamp.sec * 10**9 + header.stamp.nanosec == record.publish_time, topic
            decoded += 1


with open(sys.argv[1], 'rb') as stream:
    reader = StreamReader(stream, emit_chunks=True)
    try:
        for record in reader.records:
            if isinstance(record, Chunk):
                chunks += 1
                for inner in breakup_chunk(record, validate_crc=True):
                    take(inner)
            else:
                take(record)
    except (McapError, EOFError, struct.error) as error:
        end = f'cut off ({type(error).__name__})'

print(json.dumps({
    'messages': sum(counts.values()), 'chunks': chunks, 'decoded': decoded, 'gaps': gaps, 'end': end,
    'topics': {topic: {'messages': count, 'lastStamp': stamps[topic]} for topic, count in sorted(counts.items())},
}))
