using System.Text;

namespace Osprey.Traces.Model;

/// <summary>A tracepoint as the trace's dictionary describes it.</summary>
public sealed class Tracepoint
{
    /// <param name="index">Its place in <see cref="TracepointTable"/>.</param>
    /// <param name="key">The number that the source knows it by, such as its address in a guest.</param>
    /// <param name="name">The name as stored; need not be UTF-8.</param>
    /// <param name="signature">One character per argument, in the host's spelling.</param>
    /// <param name="format">The printf-like format as stored; need not be UTF-8.</param>
    public Tracepoint(
        int index,
        ulong key,
        ReadOnlySpan<byte> name,
        ReadOnlySpan<byte> signature,
        ReadOnlySpan<byte> format
    )
    {
        Index = index;
        Key = key;
        NameBytes = name.ToArray();
        SignatureBytes = signature.ToArray();
        FormatBytes = format.ToArray();
        Name = Encoding.UTF8.GetString(name);
        Signature = Encoding.UTF8.GetString(signature);
        Format = Encoding.UTF8.GetString(format);
        if (PayloadLayout.TryParse(Signature, out PayloadLayout? layout, out string? problem))
            Layout = layout;
        else
            LayoutProblem = problem;
    }

    /// <summary>Its place in <see cref="TracepointTable"/>.</summary>
    public int Index { get; }

    /// <summary>The number that the source knows the tracepoint by, such as its address in a guest; unique.</summary>
    public ulong Key { get; }

    /// <summary>The name, such as <c>vfs_open</c>; not always unique. Bytes that are not UTF-8 become U+FFFD.</summary>
    public string Name { get; }

    /// <summary>The name as the trace stores it.</summary>
    public ReadOnlyMemory<byte> NameBytes { get; }

    /// <summary>One character per argument, such as <c>50piI</c>.</summary>
    public string Signature { get; }

    /// <summary>The signature as the trace stores it.</summary>
    public ReadOnlyMemory<byte> SignatureBytes { get; }

    /// <summary>The printf-like format, such as <c>"%s" 0x%x 0%0o</c>; may be empty.</summary>
    public string Format { get; }

    /// <summary>The format as the trace stores it.</summary>
    public ReadOnlyMemory<byte> FormatBytes { get; }

    /// <summary>The places of the arguments; null when the signature cannot be understood.</summary>
    public PayloadLayout? Layout { get; }

    /// <summary>The reason why <see cref="Layout"/> is null; otherwise null.</summary>
    public string? LayoutProblem { get; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
