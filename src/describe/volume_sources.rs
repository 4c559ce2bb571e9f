//! Every kind of volume that kubectl knows, as data: its name, what it is, and its fields.

/// How a field of a volume's source is printed.
#[derive(Clone, Copy)]
pub enum How {
    /// As it is; empty where it is missing.
    Plain,
    /// As it is, behind a label without a colon, as kubectl writes it.
    Bare,
    /// As it is, or this.
    Or(&'static str),
    /// `true` or `false`.
    Flag,
    /// A whole number, 0 where it is missing.
    Number,
    /// A list in brackets.
    List,
    /// A list with commas.
    Commas,
    /// A reference to a Secret by name, or by name and namespace.
    Secret,
    /// A map as Go prints it.
    Map,
    /// A quantity, `<unset>` if it is missing or nothing.
    Size,
    /// `key=value` lines, sorted.
    Attributes,
}

/// A kind of volume.
pub struct Source {
    /// The field of the API that holds it.
    pub key: &'static str,
    /// What kubectl calls it.
    pub title: &'static str,
    /// Label, path and form of each field.
    pub fields: &'static [(&'static str, &'static str, How)],
}

const READ_ONLY: (&str, &str, How) = ("ReadOnly", "readOnly", How::Flag);
const FS_TYPE: (&str, &str, How) = ("FSType", "fsType", How::Plain);
const SECRET: (&str, &str, How) = ("SecretRef", "secretRef", How::Secret);

/// In the order in which kubectl looks for them. Projected, downward API and ephemeral volumes are told in `volumes.rs`.
pub static SOURCES: &[Source] = &[
    Source {
        key: "hostPath",
        title: "HostPath (bare host directory volume)",
        fields: &[
            ("Path", "path", How::Plain),
            ("HostPathType", "type", How::Or("<none>")),
        ],
    },
    Source {
        key: "emptyDir",
        title: "EmptyDir (a temporary directory that shares a pod's lifetime)",
        fields: &[("Medium", "medium", How::Plain), ("SizeLimit", "sizeLimit", How::Size)],
    },
    Source {
        key: "gcePersistentDisk",
        title: "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        fields: &[
            ("PDName", "pdName", How::Plain),
            FS_TYPE,
            ("Partition", "partition", How::Number),
            READ_ONLY,
        ],
    },
    Source {
        key: "awsElasticBlockStore",
        title: "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        fields: &[
            ("VolumeID", "volumeID", How::Plain),
            FS_TYPE,
            ("Partition", "partition", How::Number),
            READ_ONLY,
        ],
    },
    Source {
        key: "gitRepo",
        title: "GitRepo (a volume that is pulled from git when the pod is created)",
        fields: &[
            ("Repository", "repository", How::Plain),
            ("Revision", "revision", How::Plain),
        ],
    },
    Source {
        key: "secret",
        title: "Secret (a volume populated by a Secret)",
        fields: &[
            ("SecretName", "secretName", How::Plain),
            ("Optional", "optional", How::Flag),
        ],
    },
    Source {
        key: "configMap",
        title: "ConfigMap (a volume populated by a ConfigMap)",
        fields: &[("Name", "name", How::Plain), ("Optional", "optional", How::Flag)],
    },
    Source {
        key: "nfs",
        title: "NFS (an NFS mount that lasts the lifetime of a pod)",
        fields: &[
            ("Server", "server", How::Plain),
            ("Path", "path", How::Plain),
            READ_ONLY,
        ],
    },
    Source {
        key: "iscsi",
        title: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        fields: &[
            ("TargetPortal", "targetPortal", How::Plain),
            ("IQN", "iqn", How::Plain),
            ("Lun", "lun", How::Number),
            ("ISCSIInterface", "iscsiInterface", How::Bare),
            FS_TYPE,
            READ_ONLY,
            ("Portals", "portals", How::List),
            ("DiscoveryCHAPAuth", "chapAuthDiscovery", How::Flag),
            ("SessionCHAPAuth", "chapAuthSession", How::Flag),
            SECRET,
            ("InitiatorName", "initiatorName", How::Or("<none>")),
        ],
    },
    Source {
        key: "glusterfs",
        title: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        fields: &[
            ("EndpointsName", "endpoints", How::Plain),
            ("Path", "path", How::Plain),
            READ_ONLY,
        ],
    },
    Source {
        key: "persistentVolumeClaim",
        title: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        fields: &[("ClaimName", "claimName", How::Plain), READ_ONLY],
    },
    Source {
        key: "rbd",
        title: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        fields: &[
            ("CephMonitors", "monitors", How::List),
            ("RBDImage", "image", How::Plain),
            FS_TYPE,
            ("RBDPool", "pool", How::Plain),
            ("RadosUser", "user", How::Plain),
            ("Keyring", "keyring", How::Plain),
            SECRET,
            READ_ONLY,
        ],
    },
    Source {
        key: "quobyte",
        title: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        fields: &[
            ("Registry", "registry", How::Plain),
            ("Volume", "volume", How::Plain),
            READ_ONLY,
        ],
    },
    Source {
        key: "azureDisk",
        title: "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        fields: &[
            ("DiskName", "diskName", How::Plain),
            ("DiskURI", "diskURI", How::Plain),
            ("Kind", "kind", How::Plain),
            FS_TYPE,
            ("CachingMode", "cachingMode", How::Plain),
            READ_ONLY,
        ],
    },
    Source {
        key: "vsphereVolume",
        title: "vSphereVolume (a Persistent Disk resource in vSphere)",
        fields: &[
            ("VolumePath", "volumePath", How::Plain),
            FS_TYPE,
            ("StoragePolicyName", "storagePolicyName", How::Plain),
        ],
    },
    Source {
        key: "cinder",
        title: "Cinder (a Persistent Disk resource in OpenStack)",
        fields: &[("VolumeID", "volumeID", How::Plain), FS_TYPE, READ_ONLY, SECRET],
    },
    Source {
        key: "photonPersistentDisk",
        title: "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        fields: &[("PdID", "pdID", How::Plain), FS_TYPE],
    },
    Source {
        key: "portworxVolume",
        title: "PortworxVolume (a Portworx Volume resource)",
        fields: &[("VolumeID", "volumeID", How::Plain)],
    },
    Source {
        key: "scaleIO",
        title: "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        fields: &[
            ("Gateway", "gateway", How::Plain),
            ("System", "system", How::Plain),
            ("Protection Domain", "protectionDomain", How::Plain),
            ("Storage Pool", "storagePool", How::Plain),
            ("Storage Mode", "storageMode", How::Plain),
            ("VolumeName", "volumeName", How::Plain),
            FS_TYPE,
            READ_ONLY,
        ],
    },
    Source {
        key: "cephfs",
        title: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        fields: &[
            ("Monitors", "monitors", How::List),
            ("Path", "path", How::Plain),
            ("User", "user", How::Plain),
            ("SecretFile", "secretFile", How::Plain),
            SECRET,
            READ_ONLY,
        ],
    },
    Source {
        key: "storageos",
        title: "StorageOS (a StorageOS Persistent Disk resource)",
        fields: &[
            ("VolumeName", "volumeName", How::Plain),
            ("VolumeNamespace", "volumeNamespace", How::Plain),
            FS_TYPE,
            READ_ONLY,
        ],
    },
    Source {
        key: "fc",
        title: "FC (a Fibre Channel disk)",
        fields: &[
            ("TargetWWNs", "targetWWNs", How::Commas),
            ("LUN", "lun", How::Or("<none>")),
            FS_TYPE,
            READ_ONLY,
        ],
    },
    Source {
        key: "azureFile",
        title: "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        fields: &[
            ("SecretName", "secretName", How::Plain),
            ("ShareName", "shareName", How::Plain),
            READ_ONLY,
        ],
    },
    Source {
        key: "flexVolume",
        title: "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        fields: &[
            ("Driver", "driver", How::Plain),
            FS_TYPE,
            SECRET,
            READ_ONLY,
            ("Options", "options", How::Map),
        ],
    },
    Source {
        key: "flocker",
        title: "Flocker (a Flocker volume mounted by the Flocker agent)",
        fields: &[
            ("DatasetName", "datasetName", How::Plain),
            ("DatasetUUID", "datasetUUID", How::Plain),
        ],
    },
    Source {
        key: "csi",
        title: "CSI (a Container Storage Interface (CSI) volume source)",
        fields: &[
            ("Driver", "driver", How::Plain),
            FS_TYPE,
            READ_ONLY,
            ("VolumeAttributes", "volumeAttributes", How::Attributes),
        ],
    },
    Source {
        key: "image",
        title: "Image (a container image or OCI artifact)",
        fields: &[
            ("Reference", "reference", How::Plain),
            ("PullPolicy", "pullPolicy", How::Plain),
        ],
    },
    Source {
        key: "local",
        title: "LocalVolume (a persistent volume backed by local storage on a node)",
        fields: &[("Path", "path", How::Plain)],
    },
];

/// What a PersistentVolume's source says besides what a pod's says.
pub static PERSISTENT: &[(&str, (&str, &str, How))] = &[
    (
        "glusterfs",
        ("EndpointsNamespace", "endpointsNamespace", How::Or("<unset>")),
    ),
    ("scaleIO", ("SecretName", "secretRef.name", How::Plain)),
    ("scaleIO", ("SecretNamespace", "secretRef.namespace", How::Plain)),
    ("azureFile", ("SecretNamespace", "secretNamespace", How::Plain)),
    ("csi", ("VolumeHandle", "volumeHandle", How::Plain)),
];
