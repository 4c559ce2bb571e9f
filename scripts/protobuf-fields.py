"""Writes src/mock/kinds/protobuf.txt from the Go types of k8s.io/api and k8s.io/apimachinery in the module cache."""
import re,glob,os
import subprocess; G=subprocess.check_output(['go','env','GOMODCACHE'],text=True).strip(); A=G+'/k8s.io/api@v0.36.0'; M=G+'/k8s.io/apimachinery@v0.36.0/pkg'
pk={'core':A+'/core/v1','apps':A+'/apps/v1','batch':A+'/batch/v1','networking':A+'/networking/v1','policy':A+'/policy/v1','scheduling':A+'/scheduling/v1','rbac':A+'/rbac/v1','autoscaling':A+'/autoscaling/v2','autoscalingv1':A+'/autoscaling/v1','authentication':A+'/authentication/v1','authorization':A+'/authorization/v1','certificates':A+'/certificates/v1','storage':A+'/storage/v1','discovery':A+'/discovery/v1','node':A+'/node/v1','meta':M+'/apis/meta/v1'}
alias={'v1':'core','apiv1':'core','corev1':'core','metav1':'meta','meta':'meta','autoscalingv1':'autoscalingv1'}
structs={};named={}
for p,d in pk.items():
    for f in glob.glob(d+'/*.go'):
        if 'types' not in os.path.basename(f): continue
        s=open(f).read()
        for m in re.finditer(r'^type (\w+) struct \{\n(.*?)^\}',s,re.M|re.S):
            fs=[]
            for line in m[2].split('\n'):
                t=re.search(r'`(.*)`',line)
                if not t or 'protobuf:' not in t[1]: continue
                j=re.search(r'json:"([^"]*)"',t[1])[1]; pb=re.search(r'protobuf:"([^"]*)"',t[1])[1].split(',')
                if pb[0]=='-' : continue
                w=line[:line.index('`')].split()
                ty=w[-1]
                fs.append((int(pb[1]),j,ty))
            structs[(p,m[1])]=fs
        for m in re.finditer(r'^type (\w+) ([\w\[\]\*\.]+)\s*$',s,re.M):
            if m[2]!='struct': named[(p,m[1])]=m[2]
special={'resource.Quantity':'q','metav1.Time':'t','Time':'t','metav1.MicroTime':'u','MicroTime':'u','intstr.IntOrString':'x','runtime.RawExtension':'*','types.UID':'s','string':'s','bool':'b','int32':'i','int64':'l','uint32':'l','float64':'f','[]byte':'y','metav1.FieldsV1':'*','FieldsV1':'*','types.NodeName':'s','int':'l'}
need=[];seen=set()
def code(p,ty):
    ty=ty.lstrip('*')
    if ty in special: return special[ty]
    if ty.startswith('[]'): return '['+code(p,ty[2:])
    if ty.startswith('map['):
        return '{'+code(p,ty[ty.index(']')+1:])
    q,n=(ty.split('.') if '.' in ty else (None,ty))
    pp=alias.get(q,q) if q else p
    if (pp,n) in structs:
        need.append((pp,n)); return '@'+nm((pp,n))
    if (pp,n) in named: return code(pp,named[(pp,n)])
    raise Exception((p,ty))
def nm(k): return k[0]+'.'+k[1]
roots=[('core',n) for n in 'Namespace ConfigMap Secret ServiceAccount ResourceQuota LimitRange Service Pod Binding Event Node PersistentVolume PersistentVolumeClaim Endpoints ReplicationController PodTemplate'.split()]
roots+=[('apps',n) for n in 'Deployment DaemonSet StatefulSet ReplicaSet ControllerRevision'.split()]
roots+=[('batch','Job'),('batch','CronJob'),('networking','Ingress'),('networking','IngressClass'),('networking','NetworkPolicy'),('policy','PodDisruptionBudget'),('policy','Eviction'),('scheduling','PriorityClass')]
roots+=[('rbac',n) for n in 'Role RoleBinding ClusterRole ClusterRoleBinding'.split()]
roots+=[('autoscaling','HorizontalPodAutoscaler'),('autoscalingv1','HorizontalPodAutoscaler'),('autoscalingv1','Scale'),('authentication','TokenRequest'),('authentication','SelfSubjectReview'),('authentication','TokenReview')]
roots+=[('authorization',n) for n in 'SelfSubjectAccessReview SelfSubjectRulesReview SubjectAccessReview LocalSubjectAccessReview'.split()]
roots+=[('certificates','CertificateSigningRequest'),('storage','StorageClass'),('discovery','EndpointSlice'),('node','RuntimeClass'),('meta','DeleteOptions')]
need+=roots; lines=[]
while need:
    k=need.pop()
    if k in seen: continue
    seen.add(k)
    out=[]
    for num,j,ty in sorted(structs[k]):
        parts=j.split(',')
        if 'inline' in parts:
            c=code(k[0],ty)
            if c=='@meta.TypeMeta': need.remove(('meta','TypeMeta')); continue
            out.append(f'{num}:={c[1:]}'); continue
        try: c=code(k[0],ty)
        except Exception as e: print('skip',k,j,ty); continue
        ptr=ty.startswith('*')
        keep='^' if ptr and 'omitempty' not in parts and c in 'sbilf' else '?' if ptr and c in 'sbilf' else '!' if not ptr and not {'omitempty','omitzero'}&set(parts) and c[0] in 'sbilf[{' or c[0]=='@' and not ptr and 'omitzero' not in parts else ''
        out.append(f'{num}:{parts[0]}:{c}{keep}')
    lines.append(nm(k)+' '+' '.join(out))
lines.sort()
open('src/mock/kinds/protobuf.txt','w').write('\n'.join(lines)+'\n')
print(len(lines),sum(map(len,lines)))
