using System.Globalization;
using System.Text;
using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Heap;

/// <summary>The answer to: which memory is free, and in how large pieces?</summary>
/// <param name="Ranges">The ranges, the largest first.</param>
/// <param name="Defects">The reasons why some may be missing, in words.</param>
public sealed record FreeRangesAnswer(IReadOnlyList<GuestFreeRange> Ranges, IReadOnlyList<string> Defects)
{
    private const ulong PageSize = 4096;

    /// <summary>The columns.</summary>
    public static Shape<GuestFreeRange> Shape { get; } =
        new Shape<GuestFreeRange>("ranges")
            .Address("address", range => range.Address)
            .Size("size", range => range.Size)
            .Integer("order", range => range.Order)
            .Address("physical", range => range.Physical);

    /// <summary>
    /// The sum, the largest range, and the number of ranges of each order in words; null without ranges.
    /// </summary>
    public string? Summary
    {
        get
        {
            if (Ranges.Count == 0)
                return null;

            UInt128 sum = 0;
            foreach (GuestFreeRange range in Ranges)
                sum += range.Size;

            ulong largest = Ranges[0].Size;
            double outside = 100.0 * (double)(sum - largest) / (double)sum;
            var text = new StringBuilder(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Ranges.Count} ranges with {sum} bytes, the largest {largest} bytes; "
                        + $"{outside:0.00} % of the free memory is outside of the largest"
                )
            );
            foreach (IGrouping<int, GuestFreeRange> order in Ranges.GroupBy(range => range.Order).OrderBy(g => g.Key))
            {
                UInt128 bytes = 0;
                foreach (GuestFreeRange range in order)
                    bytes += range.Size;

                text.Append(
                    CultureInfo.InvariantCulture,
                    $"\norder {order.Key} (from {SizeText.Format(PageSize << order.Key)}): {order.Count()}"
                        + $"{(order.Count() == 1 ? " range" : " ranges")}, {bytes} bytes"
                );
            }

            return text.ToString();
        }
    }

    /// <summary>Asks a guest. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The system does not tell, or its kernel is not known.</exception>
    public static FreeRangesAnswer Ask(GuestSession session, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        GuestList<GuestFreeRange> list = session
            .RequireAbility<IGuestMemoryUse>("its free memory can't be listed")
            .ReadFreeRanges(session.Kernel, context.Cancellation);
        return new FreeRangesAnswer(list.Items, list.Defects);
    }
}
