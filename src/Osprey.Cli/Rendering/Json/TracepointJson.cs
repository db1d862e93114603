using System.Text.Json;
using Osprey.Cli.Rendering.Streams;
using Osprey.Rest.Connection;
using Osprey.Rest.Counters;
using Osprey.Rest.Tracepoints;

namespace Osprey.Cli.Rendering.Json;

/// <summary>A running guest's tracepoints and counters as JSON.</summary>
internal static class TracepointJson
{
    /// <summary>Writes the guest and its tracepoints as one object.</summary>
    public static void WriteStates(Output output, GuestSummary guest, IReadOnlyList<TracepointState> states) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteString("url"u8, guest.Url);
                writer.WriteString("version"u8, guest.OsVersion);
                if (guest.ProcessorCount is int cpus)
                    writer.WriteNumber("cpus"u8, cpus);
                else
                    writer.WriteNull("cpus"u8);

                writer.WriteStartArray("tracepoints"u8);
                foreach (TracepointState state in states)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, state.Name);
                    WriteMembers(writer, state);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    /// <summary>Writes an array of changes.</summary>
    public static void WriteChanges(Output output, IReadOnlyList<TracepointChange> changes) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartArray();
                foreach (TracepointChange change in changes)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, change.Name);
                    writer.WriteBoolean("changed"u8, change.Changed);
                    writer.WriteStartObject("previous"u8);
                    WriteMembers(writer, change.Previous);
                    writer.WriteEndObject();
                    writer.WriteStartObject("current"u8);
                    WriteMembers(writer, change.Current);
                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            }
        );

    /// <summary>Writes one reading of the counters.</summary>
    public static void WriteCounts(Output output, TraceCounts counts) =>
        JsonOutput.Write(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("timeMilliseconds"u8, counts.TimeMilliseconds);
                writer.WriteStartArray("counters"u8);
                foreach (TraceCount count in counts.List)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, count.Name);
                    writer.WriteNumber("count"u8, count.Count);
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    /// <summary>Writes what counters did between two readings, on one line.</summary>
    public static void WriteRates(Output output, CounterRates rates, IEnumerable<CounterRate> shown) =>
        JsonOutput.WriteLine(
            output,
            writer =>
            {
                writer.WriteStartObject();
                writer.WriteNumber("timeMilliseconds"u8, rates.TimeMilliseconds);
                WriteOptional(writer, "deltaMilliseconds", rates.DeltaMilliseconds);
                writer.WriteStartArray("counters"u8);
                foreach (CounterRate rate in shown)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name"u8, rate.Name);
                    writer.WriteNumber("count"u8, rate.Count);
                    WriteOptional(writer, "delta", rate.Delta);
                    if (rate.PerSecond is double perSecond)
                        writer.WriteNumber("perSecond"u8, perSecond);
                    else
                        writer.WriteNull("perSecond"u8);

                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
                writer.WriteEndObject();
            }
        );

    private static void WriteMembers(Utf8JsonWriter writer, TracepointState state)
    {
        writer.WriteBoolean("enabled"u8, state.Enabled);
        writer.WriteBoolean("backtrace"u8, state.Backtrace);
        writer.WriteNumber("copies"u8, state.Copies);
        writer.WriteNumber("enabledCopies"u8, state.EnabledCopies);
        writer.WriteNumber("backtraceCopies"u8, state.BacktraceCopies);
    }

    private static void WriteOptional(Utf8JsonWriter writer, string name, long? value)
    {
        if (value is long known)
            writer.WriteNumber(name, known);
        else
            writer.WriteNull(name);
    }
}
