using Osprey.Binary.Dwarf.Info;

namespace Osprey.Symbols.Index;

/// <summary>A call in a function that was compiled, as its debug info describes it.</summary>
/// <param name="Address">Link-time address behind the call, or of the call itself.</param>
/// <param name="IsReturnAddress">True when the address is the one behind the call.</param>
/// <param name="IsTailCall">True for a jump that takes the place of a call and a return.</param>
/// <param name="TargetUnit">The unit of the entry of the called function; null when the call is indirect.</param>
/// <param name="TargetOffset">Offset of that entry.</param>
internal readonly record struct CallSite(
    ulong Address,
    bool IsReturnAddress,
    bool IsTailCall,
    CompilationUnit? TargetUnit,
    ulong TargetOffset
);
