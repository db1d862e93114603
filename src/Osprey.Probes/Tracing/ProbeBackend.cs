using Osprey.Probes.Names;
using Osprey.Probes.Values;

namespace Osprey.Probes.Tracing;

/// <summary>A way to be told when a process comes by its probes.</summary>
public abstract class ProbeBackend : IDisposable
{
    private readonly List<string> _notes = [];

    /// <summary>The way, in words for the user.</summary>
    public abstract string Description { get; }

    /// <summary>The hits that happened but could not be told.</summary>
    public long LostHits { get; protected set; }

    /// <summary>What the user ought to know, such as sites that could not be traced.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Why following ended by itself, in words; null when it was asked to end.</summary>
    public string? EndReason { get; protected set; }

    /// <summary>Puts the probes into the process.</summary>
    /// <exception cref="ProbeException">That can't be done; nothing is left behind.</exception>
    public abstract void Begin();

    /// <summary>Tells hits until it is cancelled or the process ends. To be called by the thread that began.</summary>
    /// <param name="take">Takes a hit; false to end.</param>
    /// <param name="pause">Called when nothing more is to be told for now.</param>
    /// <param name="cancellation">Ends it.</param>
    public abstract void Follow(Func<ProbeHit, bool> take, Action pause, CancellationToken cancellation);

    /// <summary>Takes the probes out again. To be called by the thread that began.</summary>
    public abstract void End();

    /// <inheritdoc/>
    public void Dispose()
    {
        End();
        GC.SuppressFinalize(this);
    }

    /// <summary>Adds a note, once.</summary>
    protected void Note(string note)
    {
        if (_notes.Count < 100 && !_notes.Contains(note))
            _notes.Add(note);
    }

    /// <summary>Evaluates all arguments at a site, with the text that they point to.</summary>
    protected static ProbeValue[] Evaluate(TracedSite site, IProbeState state)
    {
        var values = new ProbeValue[site.Site.Arguments.Count];
        for (int i = 0; i < values.Length; i++)
        {
            ProbeValue value = ArgumentEvaluator.Evaluate(
                site.Site.Arguments[i],
                state,
                site.SymbolAddresses[i],
                site.Loaded.File.Is64Bit
            );
            if (value.Kind == ProbeValueKind.Integer && site.MayPointToText(i))
                value = AddText(
                    site,
                    i,
                    value,
                    ArgumentEvaluator.ReadText(state, unchecked((ulong)value.Bits), out bool isCut),
                    isCut
                );

            values[i] = value;
        }

        CutTexts(site, values);
        return values;
    }

    /// <summary>Cuts texts to the lengths that other arguments or the source of the names say.</summary>
    protected static void CutTexts(TracedSite site, ProbeValue[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            ArgumentName name = site.Names[i];
            long most = name.MaxLength ?? long.MaxValue;
            if (
                name.LengthArgument is { } number
                && number >= 1
                && number <= values.Length
                && values[number - 1] is { Kind: ProbeValueKind.Integer, Bits: >= 0 } length
            )
                most = Math.Min(most, length.Bits);

            if (values[i].Text is { } text && text.Length >= most)
                values[i] = values[i] with { Text = text[..(int)most], IsTextCut = false };
        }
    }

    /// <summary>
    /// Tells whether a program can have memory at an address. The kernel takes some numbers that are none for questions
    /// of its own: -70 for the name of the program.
    /// </summary>
    private static bool CanBeAddress(long value) => value is >= 4096 and < 1L << 56;

    /// <summary>Adds the text that an argument points to, where it is known or clear that it is one.</summary>
    protected static ProbeValue AddText(TracedSite site, int argument, ProbeValue value, byte[]? text, bool isCut) =>
        text is not null && CanBeAddress(value.Bits) && (site.Names[argument].IsText || ProbeText.IsClear(text, isCut))
            ? value with
            {
                Text = text,
                IsTextCut = isCut,
            }
            : value;
}
