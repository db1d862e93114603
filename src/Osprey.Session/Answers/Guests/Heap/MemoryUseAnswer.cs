using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Answers.Guests.Mappings;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Heap;

/// <summary>The answer to: what is the guest's memory used for?</summary>
/// <param name="Rows">The parts.</param>
/// <param name="Defects">The reasons why parts may be missing or wrong, in words.</param>
public sealed record MemoryUseAnswer(IReadOnlyList<MemoryUseRow> Rows, IReadOnlyList<string> Defects)
{
    /// <summary>Asks a guest. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The system does not tell, or its kernel is not known.</exception>
    public static MemoryUseAnswer Ask(GuestSession session, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        GuestMemoryUse use = session
            .RequireAbility<IGuestMemoryUse>("the use of its memory is not known")
            .ReadMemoryUse(session.Kernel, context.Cancellation);
        var defects = new List<string>(use.Defects);
        ulong total = use.Parts.Count > 0 ? use.Parts[0].Size : 0;
        List<MemoryUseRow> rows = [.. use.Parts.Select(part => MakeRow(part, total))];
        if (session.Os is IGuestMappings os && CountResident(session, os, defects, context) is { } resident)
            rows.Add(
                MakeRow(new GuestMemoryPart("resident", resident, "pages of the mappings that are in memory"), total)
            );

        return new MemoryUseAnswer(rows, [.. defects.Distinct()]);
    }

    private static MemoryUseRow MakeRow(GuestMemoryPart part, ulong total) =>
        new(part.Name, part.Size, total == 0 ? null : 100.0 * part.Size / total, part.Description);

    private static ulong? CountResident(
        GuestSession session,
        IGuestMappings os,
        List<string> defects,
        QuestionContext context
    )
    {
        try
        {
            GuestList<GuestMapping> mappings = os.ReadMappings(session.Kernel, context.Cancellation);
            return ResidentPages
                .Count(session, mappings.Items, defects, context)
                ?.Aggregate(0UL, (sum, size) => unchecked(sum + size));
        }
        catch (TargetException exception)
            when (exception.Problem is TargetProblem.NotConfigured or TargetProblem.NotUnderstood)
        {
            return null; // the reader of the use has said so already
        }
    }
}
