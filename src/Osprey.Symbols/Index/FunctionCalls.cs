using Osprey.Binary;
using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Index;

/// <summary>The calls in a function that was compiled.</summary>
/// <param name="Function">The function.</param>
/// <param name="Sites">Its calls, those in inlined functions too, in the order of the debug info.</param>
internal sealed record FunctionCalls(CallTarget Function, IReadOnlyList<CallSite> Sites)
{
    // More than any function has; each costs a few bytes of a file that may lie.
    private const int MaxSites = 1 << 16;

    /// <summary>Reads the calls below a function's entry.</summary>
    /// <exception cref="BadDataException">The unit is malformed there, or has too many calls.</exception>
    public static FunctionCalls Read(CompilationUnit unit, ulong entryOffset)
    {
        var sites = new List<CallSite>();
        DieCursor cursor = unit.OpenCursor(entryOffset);
        int nested = int.MaxValue;
        while (cursor.MoveNext())
        {
            // A function within the function makes calls of its own.
            if (cursor.Depth <= nested)
                nested = int.MaxValue;

            if (nested != int.MaxValue)
                continue;

            if (cursor.Tag == DwarfTag.Subprogram && cursor.Depth > 0)
                nested = cursor.Depth;
            else if (cursor.Tag is DwarfTag.CallSite or DwarfTag.GnuCallSite)
                ReadSite(ref cursor, sites);
        }

        return new FunctionCalls(CallTarget.Read(unit, entryOffset), sites);
    }

    private static void ReadSite(ref DieCursor cursor, List<CallSite> sites)
    {
        bool isOld = cursor.Tag == DwarfTag.GnuCallSite;
        DwarfAttribute place = isOld ? DwarfAttribute.LowPc : DwarfAttribute.CallReturnPc;
        DwarfAttribute origin = isOld ? DwarfAttribute.AbstractOrigin : DwarfAttribute.CallOrigin;
        ulong? behind = null;
        ulong? at = null;
        bool isTailCall = false;
        CompilationUnit? target = null;
        ulong targetOffset = 0;
        while (cursor.TryReadAttribute(out DwarfAttribute name, out AttributeValue value))
        {
            if (name == place && value.IsAddress)
                behind = cursor.Unit.GetAddress(value);
            else if (name == DwarfAttribute.CallPc && value.IsAddress)
                at = cursor.Unit.GetAddress(value);
            else if (name is DwarfAttribute.CallTailCall or DwarfAttribute.GnuTailCall)
                isTailCall = value.Bits != 0;
            else if (name == origin && cursor.Unit.TryGetReference(value, out CompilationUnit unit, out ulong offset))
                (target, targetOffset) = (unit, offset);
        }

        if ((behind ?? at) is not { } address)
            return;

        if (sites.Count == MaxSites)
            throw new BadDataException(".debug_info", (long)cursor.Offset, $"more than {MaxSites} calls in a function");

        sites.Add(new CallSite(address, behind is not null, isTailCall, target, targetOffset));
    }
}
