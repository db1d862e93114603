using System.Buffers.Binary;
using System.Globalization;
using Osprey.Probes.Operands;
using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing.Uprobes;

/// <summary>A site as an event of the kernel, with what the kernel is told to fetch there.</summary>
internal sealed class UprobeSite
{
    private readonly UprobeFormat _format;

    /// <summary>Defines the event.</summary>
    /// <exception cref="ProbeException">The kernel refuses it.</exception>
    public UprobeSite(TracedSite site, UprobeEvents events)
    {
        Site = site;
        var fetches = new List<string>();
        for (int i = 0; i < site.Site.Arguments.Count; i++)
        {
            ProbeArgument argument = site.Site.Arguments[i];
            string? fetch = FetchText.Of(argument, site.SymbolAddresses[i]);
            if (fetch is null)
                continue;

            int size = argument.Size == 0 ? 8 : argument.Size;
            if (argument.Operand is ProbeOperand.Memory && size <= 8)
                fetches.Add(string.Create(CultureInfo.InvariantCulture, $"a{i}={fetch}:u{size * 8}"));

            // Whether it is text is seen when it comes.
            if (site.MayPointToText(i))
                fetches.Add(string.Create(CultureInfo.InvariantCulture, $"t{i}={FetchText.At(fetch, 0)}:ustring"));
        }

        ulong offset =
            site.Site.FileOffset
            ?? throw new ProbeException($"{site.Probe.FullName}: no part of the file holds its site");
        _format = events.Define(site.Loaded.OpenPath, offset, site.Site.SemaphoreFileOffset, fetches);
    }

    public TracedSite Site { get; }

    /// <summary>The kernel's number of the event.</summary>
    public int Id => _format.Id;

    /// <summary>Tells whether the kernel can say the values of all arguments.</summary>
    public bool IsWhole =>
        Site
            .Site.Arguments.Select(
                (argument, i) =>
                    argument.Operand is ProbeOperand.Immediate or ProbeOperand.Register { Number: <= 16 }
                    || _format.Fields.ContainsKey(Name('a', i))
            )
            .All(known => known);

    /// <summary>Gets an argument of a hit.</summary>
    /// <param name="argument">Its index.</param>
    /// <param name="record">The kernel's record.</param>
    /// <param name="thread">The thread.</param>
    public ProbeValue GetValue(int argument, ReadOnlySpan<byte> record, IProbeState thread)
    {
        ProbeArgument wanted = Site.Site.Arguments[argument];
        if (wanted.Operand is not ProbeOperand.Memory)
            return ArgumentEvaluator.Evaluate(wanted, thread);

        return
            _format.Fields.TryGetValue(Name('a', argument), out (int Offset, int Size) field)
            && field.Offset + field.Size <= record.Length
            ? ArgumentEvaluator.FromBytes(wanted, record.Slice(field.Offset, field.Size))
            : ProbeValue.Unknown("kernel uprobes can't fetch its operand");
    }

    /// <summary>Gets the text behind an argument; null when there was none.</summary>
    /// <param name="argument">Its index.</param>
    /// <param name="record">The kernel's record.</param>
    /// <param name="isCut">True when there may be more of it than the kernel copies.</param>
    public byte[]? GetText(int argument, ReadOnlySpan<byte> record, out bool isCut)
    {
        isCut = false;
        if (
            !_format.Fields.TryGetValue(Name('t', argument), out (int Offset, int Size) field)
            || field.Offset + 4 > record.Length
        )
            return null;

        // 16 bits of length, with the NUL, above 16 bits of offset
        uint place = BinaryPrimitives.ReadUInt32LittleEndian(record[field.Offset..]);
        int start = (int)(place & 0xffff);
        int length = (int)(place >> 16);
        if (length == 0 || start + length > record.Length)
            return null;

        ReadOnlySpan<byte> text = record.Slice(start, length);
        int end = text.IndexOf((byte)0);
        isCut = length >= UprobeBackend.MaxTextSize;
        return end < 0 ? text.ToArray() : text[..end].ToArray();
    }

    private static string Name(char kind, int argument) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}{argument}");
}
