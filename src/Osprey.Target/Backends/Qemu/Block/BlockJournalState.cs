using System.Buffers;
using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>The contents of a journal.</summary>
/// <param name="Filters">Filters that are, or may be, in the block graph.</param>
/// <param name="Breakpoints">Breakpoints that are set, or hold a request.</param>
internal sealed record BlockJournalState(IReadOnlyList<BlockFilter> Filters, IReadOnlyList<BlockBreakpoint> Breakpoints)
{
    private const int MaxItems = 10_000;

    public static BlockJournalState Empty { get; } = new([], []);

    public bool IsEmpty => Filters.Count == 0 && Breakpoints.Count == 0;

    /// <summary>Finds a breakpoint by the user's tag; null when there is none.</summary>
    public BlockBreakpoint? Find(string tag) => Breakpoints.FirstOrDefault(breakpoint => breakpoint.Tag == tag);

    public BlockJournalState With(BlockFilter filter) => this with { Filters = [.. Filters, filter] };

    public BlockJournalState With(BlockBreakpoint breakpoint) =>
        this with
        {
            Breakpoints = [.. Breakpoints, breakpoint],
        };

    public BlockJournalState WithoutFilter(string node) =>
        this with
        {
            Filters = [.. Filters.Where(filter => filter.Node != node)],
        };

    public BlockJournalState WithoutBreakpoint(string qemuTag) =>
        this with
        {
            Breakpoints = [.. Breakpoints.Where(breakpoint => breakpoint.QemuTag != qemuTag)],
        };

    /// <summary>Reads what <see cref="ToJson"/> wrote; what is not understood is left out.</summary>
    public static BlockJournalState Parse(JsonElement root) =>
        new(
            [
                .. BlockJson
                    .Items(BlockJson.Member(root, "filters"))
                    .Take(MaxItems)
                    .Select(ReadFilter)
                    .OfType<BlockFilter>(),
            ],
            [
                .. BlockJson
                    .Items(BlockJson.Member(root, "breakpoints"))
                    .Take(MaxItems)
                    .Select(ReadBreakpoint)
                    .OfType<BlockBreakpoint>(),
            ]
        );

    public byte[] ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("filters");
            foreach (BlockFilter filter in Filters)
            {
                writer.WriteStartObject();
                writer.WriteString("node", filter.Node);
                writer.WriteString("drive", filter.Drive);
                writer.WriteStartArray("rules");
                foreach (InjectRule rule in filter.Rules)
                    Write(writer, rule);

                writer.WriteEndArray();
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteStartArray("breakpoints");
            foreach (BlockBreakpoint breakpoint in Breakpoints)
            {
                writer.WriteStartObject();
                writer.WriteString("tag", breakpoint.Tag);
                writer.WriteString("qemuTag", breakpoint.QemuTag);
                writer.WriteString("event", breakpoint.Event);
                writer.WriteString("drive", breakpoint.Drive);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter writer, InjectRule rule)
    {
        writer.WriteStartObject();
        writer.WriteString("event", rule.Event);
        writer.WriteNumber("errno", rule.Errno);
        writer.WriteBoolean("once", rule.IsOnce);
        if (rule.Sector is { } sector)
            writer.WriteNumber("sector", sector);

        if (rule.State is { } state)
            writer.WriteNumber("state", state);

        if (rule.StateEvent is { } at)
            writer.WriteString("stateEvent", at);

        writer.WriteEndObject();
    }

    private static BlockFilter? ReadFilter(JsonElement item) =>
        BlockJson.Text(item, "node") is { } node && BlockJson.Text(item, "drive") is { } drive
            ? new BlockFilter(
                node,
                drive,
                [.. BlockJson.Items(BlockJson.Member(item, "rules")).Select(ReadRule).OfType<InjectRule>()]
            )
            : null;

    private static InjectRule? ReadRule(JsonElement item) =>
        BlockJson.Text(item, "event") is { } name
        && BlockJson.Number(item, "errno") is >= 0 and <= int.MaxValue and { } errno
            ? new InjectRule(name, (int)errno)
            {
                IsOnce = BlockJson.IsTrue(item, "once"),
                Sector = BlockJson.Number(item, "sector"),
                State = BlockJson.Number(item, "state") is >= 0 and <= int.MaxValue and { } state ? (int)state : null,
                StateEvent = BlockJson.Text(item, "stateEvent"),
            }
            : null;

    private static BlockBreakpoint? ReadBreakpoint(JsonElement item) =>
        BlockJson.Text(item, "tag") is { } tag
        && BlockJson.Text(item, "qemuTag") is { } qemuTag
        && BlockJson.Text(item, "event") is { } name
        && BlockJson.Text(item, "drive") is { } drive
        && BlockBreakpoint.FindTag(qemuTag) == tag
            ? new BlockBreakpoint(tag, qemuTag, name, drive)
            : null;
}
