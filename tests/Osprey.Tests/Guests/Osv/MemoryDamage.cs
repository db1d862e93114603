using System.Globalization;
using Osprey.Target.Memory;
using Osprey.Tests.Values;

namespace Osprey.Tests.Guests.Osv;

/// <summary>
/// Memory that is damaged in another way each round: near the places that matter, words become random, pointers to
/// other such places, absurd counts, or can't be read.
/// </summary>
/// <param name="original">The memory as it is.</param>
/// <param name="places">The addresses near which words are damaged.</param>
internal sealed class MemoryDamage(IMemoryReader original, IReadOnlyList<ulong> places)
{
    private const int MostDamages = 8;
    private readonly Random _random = new(20261129);

    /// <summary>Rounds to run: <c>OSPREY_MUTATION_ROUNDS</c>, or else fewer.</summary>
    /// <param name="normal">Rounds where the variable is not set.</param>
    public static int Rounds(int normal) =>
        int.TryParse(
            Environment.GetEnvironmentVariable("OSPREY_MUTATION_ROUNDS"),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out int rounds
        )
            ? rounds
            : normal;

    /// <summary>The next round's memory.</summary>
    public OverlaidMemory Next()
    {
        var memory = new OverlaidMemory(original);
        for (int i = _random.Next(1, MostDamages); i > 0; i--)
        {
            ulong at = unchecked(Choose() + (ulong)(_random.Next(-2, 64) * 8L));
            switch (_random.Next(6))
            {
                case 0:
                    memory.Set(at, (ulong)_random.NextInt64());
                    break;
                case 1:
                    memory.Set(at, Choose() + (ulong)(_random.Next(0, 8) * 8));
                    break;
                case 2:
                    memory.Set(at, ulong.MaxValue - (ulong)_random.Next(16));
                    break;
                case 3:
                    memory.Set(at, (ulong)_random.Next(1 << 20));
                    break;
                case 4:
                    memory.Set(at, 1UL << _random.Next(64));
                    break;
                default:
                    memory.Hide(at, 8);
                    break;
            }
        }

        return memory;
    }

    private ulong Choose() => places[_random.Next(places.Count)];
}
