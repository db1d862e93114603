namespace Osprey.Target.Backends.Qemu.Block;

/// <summary>An edge of QEMU's block graph, seen from the node above.</summary>
/// <param name="Role">The child's role for its parent: "file", "backing", "image" and others.</param>
/// <param name="Child">The name of the node below.</param>
public sealed record BlockEdge(string Role, string Child);
