namespace Osprey.Session.Guests.Code;

/// <summary>One instruction.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Bytes">Its bytes.</param>
/// <param name="Text">Its text in Intel's syntax, with names for the addresses that it refers to.</param>
/// <param name="Function">The function that it belongs to; null when unknown.</param>
/// <param name="File">The source file that it came from; null when unknown.</param>
/// <param name="Line">The line in that file, from 1; null when unknown.</param>
public sealed record InstructionRow(
    ulong Address,
    byte[] Bytes,
    string Text,
    string? Function,
    string? File,
    int? Line
);
