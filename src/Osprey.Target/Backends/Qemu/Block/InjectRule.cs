using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>A rule of a blkdebug filter that makes requests fail.</summary>
/// <param name="Event">
/// The event that arms the rule: from then on requests to the image file fail, until another rule's event comes. "none"
/// arms it from the start.
/// </param>
/// <param name="Errno">The error, as Linux numbers them.</param>
public sealed record InjectRule(string Event, int Errno)
{
    /// <summary>True when one request fails, and no more.</summary>
    public bool IsOnce { get; init; }

    /// <summary>
    /// The sector of the image file, of 512 bytes, that a request must touch to fail; null for any.
    /// </summary>
    public long? Sector { get; init; }

    /// <summary>The filter's state in which the rule counts; null for any. A filter begins in state 1.</summary>
    public int? State { get; init; }

    /// <summary>The event that brings the filter into <see cref="State"/>; null for none.</summary>
    public string? StateEvent { get; init; }

    /// <summary>The rule in words.</summary>
    public string Description
    {
        get
        {
            var text = new StringBuilder();
            text.Append(CultureInfo.InvariantCulture, $"{ErrorNumber.Format(Errno)} from {Event} on");
            if (IsOnce)
                text.Append(", once");

            if (Sector is { } sector)
                text.Append(CultureInfo.InvariantCulture, $", sector {sector} of the image file");

            if (State is { } state)
                text.Append(CultureInfo.InvariantCulture, $", in state {state}");

            if (StateEvent is { } at)
                text.Append(CultureInfo.InvariantCulture, $" after {at}");

            return text.ToString();
        }
    }

    /// <summary>Writes the member <c>inject-error</c> of some rules, and <c>set-state</c>, for blockdev-add.</summary>
    internal static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<InjectRule> rules)
    {
        if (rules.Count == 0)
            return;

        writer.WriteStartArray("inject-error");
        foreach (InjectRule rule in rules)
        {
            writer.WriteStartObject();
            writer.WriteString("event", rule.Event);
            writer.WriteNumber("errno", rule.Errno);
            writer.WriteBoolean("once", rule.IsOnce);
            if (rule.Sector is { } sector)
                writer.WriteNumber("sector", sector);

            if (rule.State is { } state)
                writer.WriteNumber("state", state);

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (!rules.Any(rule => rule is { StateEvent: not null, State: not null }))
            return;

        writer.WriteStartArray("set-state");
        foreach (InjectRule rule in rules)
        {
            if (rule is not { StateEvent: { } at, State: { } state })
                continue;

            writer.WriteStartObject();
            writer.WriteString("event", at);
            writer.WriteNumber("new_state", state);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
