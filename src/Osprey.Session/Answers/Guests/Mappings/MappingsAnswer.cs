using Osprey.Guests;
using Osprey.Guests.Memory;
using Osprey.Session.Guests;
using Osprey.Target;

namespace Osprey.Session.Answers.Guests.Mappings;

/// <summary>The answer to: what is mapped in the guest?</summary>
/// <param name="Rows">The mappings, lowest address first.</param>
/// <param name="Defects">The reasons why some may be missing, in words.</param>
public sealed record MappingsAnswer(IReadOnlyList<MappingRow> Rows, IReadOnlyList<string> Defects)
{
    /// <summary>Asks a guest. A live guest is not paused.</summary>
    /// <exception cref="TargetException">The system has no such list, or its kernel is not known.</exception>
    public static MappingsAnswer Ask(GuestSession session, QuestionContext context)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(context);
        GuestList<GuestMapping> list = session
            .RequireAbility<IGuestMappings>("its mappings can't be listed")
            .ReadMappings(session.Kernel, context.Cancellation);
        var defects = new List<string>(list.Defects);
        ulong[]? resident = ResidentPages.Count(session, list.Items, defects, context);
        return new MappingsAnswer(
            [.. list.Items.Select((mapping, i) => new MappingRow(mapping, resident?[i]))],
            defects
        );
    }

    /// <summary>Finds the mappings that have an address: one, unless the kernel's list is damaged.</summary>
    public IEnumerable<AddressMappingRow> Find(ulong address) =>
        Rows.Where(row => row.Mapping.Start <= address && address < row.Mapping.End)
            .Select(row => new AddressMappingRow(address, row));
}
