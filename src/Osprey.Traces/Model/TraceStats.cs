using Osprey.Binary;

namespace Osprey.Traces.Model;

/// <summary>Counts what was read of a trace and what was lost: a counter for every kind of loss.</summary>
public sealed class TraceStats
{
    private readonly long[] _losses = new long[Enum.GetValues<LossKind>().Length];

    /// <summary>Samples read; the reader counts them.</summary>
    public long Samples { get; set; }

    /// <summary>Bytes read from the input; the reader counts them.</summary>
    public long BytesRead { get; set; }

    /// <summary>The damage that reading ended at; null when the input was read to its end.</summary>
    public BadDataException? Damage { get; private set; }

    /// <summary>Damage that reading could go around, in the order met; a bounded list.</summary>
    public IReadOnlyList<BadDataException> Warnings => _warnings;

    private readonly List<BadDataException> _warnings = [];

    /// <summary>The amount that was lost of one kind.</summary>
    public long this[LossKind kind] => Interlocked.Read(ref _losses[(int)kind]);

    /// <summary>Counts a loss.</summary>
    public void Count(LossKind kind, long amount = 1) => Interlocked.Add(ref _losses[(int)kind], amount);

    /// <summary>The kinds of which anything was lost, each with its amount, severity and source.</summary>
    public IEnumerable<Loss> EnumerateLosses()
    {
        foreach (LossKind kind in Enum.GetValues<LossKind>())
        {
            if (this[kind] != 0)
                yield return new Loss(kind, this[kind]);
        }
    }

    /// <summary>Notes the damage that reading ends at; the first one counts.</summary>
    public void End(BadDataException damage) => Damage ??= damage;

    /// <summary>Notes damage that reading goes around.</summary>
    public void Warn(BadDataException damage)
    {
        if (_warnings.Count < 100)
            _warnings.Add(damage);
    }
}
