using Osprey.Binary;
using Osprey.Symbols.Index;
using Osprey.Symbols.Index.Lookups;

namespace Osprey.Symbols.Sources;

/// <summary>The calls between the functions of one ELF file, as its debug info describes them.</summary>
/// <remarks>
/// Not thread-safe; its owner locks. Addresses are link-time ones; null for one at which the file has nothing.
/// </remarks>
internal sealed class ElfCalls(ElfSymbols symbols)
{
    /// <summary>Finds the function at an address; null when no debug info has one there.</summary>
    public CallTarget? FindFunction(ulong? linkAddress)
    {
        if (linkAddress is not { } address)
            return null;

        if (symbols.Lookups is not { } lookups)
            return FindCalls(address)?.Function;

        if (!lookups.TryGetFunction(address, out CallTarget? function))
            lookups.AddFunction(address, function = FindCalls(address)?.Function);

        return function;
    }

    /// <summary>Finds the function that was called by the call that returns to an address.</summary>
    public CalledFunction FindCalled(ulong returnAddress)
    {
        if (symbols.Lookups is not { } lookups)
            return ReadCalled(returnAddress);

        if (!lookups.TryGetCall(returnAddress, out CalledFunction called))
            lookups.AddCall(returnAddress, called = ReadCalled(returnAddress));

        return called;
    }

    /// <summary>
    /// Finds the jumps to other functions in the function at an address; null when no debug info has one there.
    /// </summary>
    public Jump[]? FindJumps(ulong? linkAddress)
    {
        if (linkAddress is not { } address)
            return null;

        if (symbols.Lookups is not { } lookups)
            return ReadJumps(address);

        if (!lookups.TryGetJumps(address, out Jump[]? jumps))
            lookups.AddJumps(address, jumps = ReadJumps(address));

        return jumps;
    }

    private FunctionCalls? FindCalls(ulong linkAddress) =>
        symbols.Debug?.Find(linkAddress)?.FindCalls(linkAddress, symbols.Report);

    private CalledFunction ReadCalled(ulong returnAddress)
    {
        foreach (CallSite site in FindCalls(returnAddress - 1)?.Sites ?? [])
        {
            if (site.IsReturnAddress && site.Address == returnAddress)
                return new CalledFunction(true, ReadTarget(site));
        }

        return default;
    }

    private Jump[]? ReadJumps(ulong linkAddress)
    {
        if (FindCalls(linkAddress) is not { } calls)
            return null;

        var jumps = new List<Jump>();
        foreach (CallSite site in calls.Sites)
        {
            if (site.IsTailCall)
                jumps.Add(new Jump(site.Address, site.IsReturnAddress, ReadTarget(site)));
        }

        return [.. jumps];
    }

    private CallTarget? ReadTarget(in CallSite site)
    {
        if (site.TargetUnit is not { } unit)
            return null;

        try
        {
            return CallTarget.Read(unit, site.TargetOffset);
        }
        catch (BadDataException e)
        {
            symbols.Report(e.Message);
            return null;
        }
    }
}
